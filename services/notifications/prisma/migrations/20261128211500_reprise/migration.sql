-- CreateTable
CREATE TABLE "reprise" (
    "id" SERIAL NOT NULL,
    "depuis" TIMESTAMPTZ(3) NOT NULL,
    "jusqu_a" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reprise_pkey" PRIMARY KEY ("id")
);

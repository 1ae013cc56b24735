-- CreateTable
CREATE TABLE "imported_row" (
    "objet" TEXT NOT NULL,
    "id" INTEGER NOT NULL,
    "importe_le" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "imported_row_pkey" PRIMARY KEY ("objet","id")
);

#!/bin/sh
# Writes deploy/docker/.env with fresh secrets, once, for compose.suite.yaml; another file when it is named.
# What only a person can know is left empty there: compose names each of these that is still missing.
set -eu

target=${1:-$(dirname "$0")/.env}
if [ -e "$target" ]; then
  echo "$target exists: it is left as it is, for the databases know its passwords." >&2
  exit 1
fi

# 32 random bytes as 64 hexadecimal digits: nothing in them means anything to a URL or a shell.
secret() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

umask 077
{
  echo "# Written by make-env.sh. Keep a copy where your other secrets are; never commit it."
  echo
  echo "# To be filled in."
  echo "MEDIAI_PUBLIC_URL="
  echo "MEDIAI_URGENCE_TELEPHONE="
  echo "MEDIAI_RESPONSABLE_CLINIQUE="
  echo "# presume or explicite"
  echo "MEDIAI_CONSENTEMENT_IA="
  echo "TWILIO_ACCOUNT_SID="
  echo "TWILIO_AUTH_TOKEN="
  echo "TWILIO_WHATSAPP_FROM="
  echo
  echo "# As far as you have them: a voice without its key is off."
  echo "OPENAI_API_KEY="
  echo "ANTHROPIC_API_KEY="
  echo "GOOGLE_API_KEY="
  echo
  echo "# Made here."
  for name in AUTH_KEY_SECRET \
    MEDIAI_CONSULTATION_SECRET MEDIAI_IA_SECRET MEDIAI_APPOINTMENTS_SECRET MEDIAI_NOTIFICATIONS_SECRET \
    MEDIAI_POSTGRES_PASSWORD \
    MEDIAI_AUTH_OWNER_PASSWORD MEDIAI_AUTH_APP_PASSWORD \
    MEDIAI_CONSULTATION_OWNER_PASSWORD MEDIAI_CONSULTATION_APP_PASSWORD \
    MEDIAI_IA_OWNER_PASSWORD MEDIAI_IA_APP_PASSWORD \
    MEDIAI_APPOINTMENTS_OWNER_PASSWORD MEDIAI_APPOINTMENTS_APP_PASSWORD \
    MEDIAI_NOTIFICATIONS_OWNER_PASSWORD MEDIAI_NOTIFICATIONS_APP_PASSWORD \
    MEDIAI_REDIS_PASSWORD MEDIAI_GRAFANA_PASSWORD; do
    echo "$name=$(secret)"
  done
} >"$target"
echo "$target written: fill in its first lines." >&2

"""What a person must be told: kept here always, sent outside through a gateway where they agreed to it."""

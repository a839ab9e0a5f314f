"""What a CRM and Penstock tell each other of a contact: whose each field is, and what has changed. No session here."""

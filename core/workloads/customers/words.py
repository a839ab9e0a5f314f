"""The words of consent: what it is for, by which way, under whose law."""

PURPOSES = ("analytics", "ads", "email", "sms", "profiling")
CHANNELS = ("any", "web", "app", "email", "sms", "phone", "store")
JURISDICTIONS = ("eu", "uk", "us", "us-ca", "br", "ca", "au", "jp", "other")

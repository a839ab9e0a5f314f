"""The autopilot's rules: states of actions, what each action does, how far and how often it may go. No session here."""

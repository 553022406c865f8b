"""The REST API's ground floor: who calls, what they may do, and the operations on sign-in, sessions and keys."""

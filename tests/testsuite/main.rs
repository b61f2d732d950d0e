//! One binary for all tests that run the library or the program as a user would.

"""Live chats: a citizen's page, its place in line, and the talk with an agent."""

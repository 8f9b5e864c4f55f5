"""Working-day arithmetic (工作日) and the published calendars behind it."""

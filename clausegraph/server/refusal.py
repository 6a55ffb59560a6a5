"""What the server says where it does not answer."""


class Refused(Exception):
    """A request that is not answered: an HTTP status, a code, what is wrong, and what to do."""

    def __init__(self, status: int, code: str, message: str, fix: str = "", after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.fix = fix
        self.after = after

/** An answer that is not 200: `code` is for programs, `message` for people. */
export class HttpError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const secretWords =
  'Copy it now, to where the messages are checked: it is shown this once. Each message has a signature that only its holder can make.';

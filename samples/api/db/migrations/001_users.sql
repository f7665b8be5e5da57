CREATE TABLE users (
  id text PRIMARY KEY,
  name text NOT NULL,
  joined date NOT NULL
);

CREATE INDEX users_joined ON users (joined DESC, id DESC);

import pg from 'pg';

/** The connection as a query of pg writes to it. */
type Wire = {
  stream: { cork(): void; uncork(): void };
  parse(statement: { name: string; text: string; types: [] }): void;
  bind(portal: { portal: string; statement: string; values: string[] }): void;
  execute(portal: { portal: string }): void;
};

type Answered = (error: Error | null, result: pg.QueryResult) => void;

/** What pg calls on the query that a connection is busy with; its types do not say. */
type Handlers = {
  name: string | undefined;
  submit(connection: Wire): Error | null;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
};
const Query = pg.Query as unknown as new (config: pg.QueryConfig, answered: Answered) => Handlers;

/**
 * A query that pins its connection to an org on the way: one message sets the org and asks. One Sync stands behind both,
 * so they are one transaction: a setting that fails or is cancelled lets PostgreSQL skip the query, and a query that fails
 * takes the setting back with it.
 */
export class PinningQuery extends Query {
  readonly #org: string;
  readonly #named: string | undefined;
  #pinned = false;

  constructor(org: string, config: pg.QueryConfig, answered: Answered) {
    // Never as a simple query, which would not wait for the setting's answer.
    super({ ...config, queryMode: 'extended' } as pg.QueryConfig, answered);
    this.#org = org;
    this.#named = this.name;
  }

  /** Whether the setting went well; if not, nobody knows what the connection still has to answer. */
  get pinned(): boolean {
    return this.#pinned;
  }

  override submit(connection: Wire): Error | null {
    connection.stream.cork();
    try {
      connection.parse({ name: '', text: `select set_config('app.org', $1, false)`, types: [] });
      connection.bind({ portal: '', statement: '', values: [this.#org] });
      connection.execute({ portal: '' });
      return super.submit(connection);
    } finally {
      connection.stream.uncork();
      // The first answer is the setting's, and no statement of this name.
      this.name = undefined;
    }
  }

  override handleDataRow(message: unknown): void {
    if (this.#pinned) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Wire): void {
    if (this.#pinned) return super.handleCommandComplete(message, connection);
    this.#pinned = true;
    this.name = this.#named;
  }
}

import type { ConsoleDeps } from '../../services/console/console.ts';
import { startSeededTables } from '../console/seeded.ts';
import { startBrowser } from './browser.ts';

type SeededTables = Awaited<ReturnType<typeof startSeededTables>>;

/** A browser and a console over tables of their own; everything of it ends with `stop`. */
export async function startSeededConsole(over: (tables: SeededTables) => Partial<ConsoleDeps> = () => ({})) {
  const tables = await startSeededTables();
  const server = tables.console(over(tables));
  const { url: address } = await server.listen();
  const browser = await startBrowser();
  return {
    address,
    browser,
    tables,
    async stop() {
      await browser.close();
      await server.close();
      await tables.stop();
    },
  };
}

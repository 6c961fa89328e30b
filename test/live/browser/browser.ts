import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { LiveProcess } from '../support/process';
import { eventually } from '../support/run';

/** Flags with which a browser of a test asks nobody for anything, and keeps nothing. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--remote-debugging-port=0',
];

/** How a page is looked at. */
export interface Look {
  readonly scheme: 'light' | 'dark';
  /** Pixels of the window. */
  readonly width: number;
}

/** A place in the window. */
export interface Place {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What the browser has made of a picture. */
export interface Measured {
  /** Where the picture is. */
  readonly bounds: Place;
  readonly texts: readonly {
    readonly text: string;
    /** As the browser computes it. */
    readonly fill: string;
    /** What lies below, the nearest first. */
    readonly grounds: readonly { readonly fill: string; readonly opacity: number }[];
    /** Of the font, in pixels of the window. */
    readonly size: number;
  }[];
  /** Where texts are, and the boxes that they have to stay in. */
  readonly places: readonly (Place & { readonly text: string; readonly box?: Place })[];
}

const MEASURE = readFileSync(join(__dirname, 'measure.js'), 'utf8');

/** A real browser, which shows pictures. */
export class PictureBrowser {
  private constructor(
    private readonly program: LiveProcess,
    private readonly browser: Browser,
    private readonly profile: string,
  ) {}

  static async start(): Promise<PictureBrowser> {
    const profile = mkdtempSync(join(tmpdir(), 'spirekit-chromium-'));
    const program = new LiveProcess(onPath('chromium'), [...FLAGS, `--user-data-dir=${profile}`, 'about:blank']);
    const [, address = ''] = await program.says(/DevTools listening on (ws:\S+)/, 60);
    return new PictureBrowser(program, await chromium.connectOverCDP(address), profile);
  }

  async end(): Promise<void> {
    await this.browser.close();
    await this.program.end();
    // Processes that it has started write for a moment longer.
    const removed = (): boolean => {
      rmSync(this.profile, { recursive: true, force: true });
      return true;
    };
    await eventually(10, removed, 'removal of the browser’s profile');
  }

  /** Shows a picture as a part of a page, no wider than the window, as documents do. */
  async show<T>(svg: string, look: Look, use: (page: Page) => Promise<T>): Promise<T> {
    return this.with(look, async (page) => {
      const ground = look.scheme === 'dark' ? '#000' : '#fff';
      await page.setContent(
        `<!doctype html><style>body{margin:12px;background:${ground}}svg{max-width:100%;height:auto}</style>${svg}`,
      );
      return use(page);
    });
  }

  /** Opens an address. */
  async open<T>(address: string, look: Look, use: (page: Page) => Promise<T>): Promise<{ result: T; asked: string[] }> {
    const asked: string[] = [];
    const result = await this.with(look, async (page) => {
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(address);
      return use(page);
    });
    return { result, asked };
  }

  private async with<T>({ scheme, width }: Look, use: (page: Page) => Promise<T>): Promise<T> {
    const context: BrowserContext = await this.browser.newContext({
      colorScheme: scheme,
      viewport: { width, height: 900 },
    });
    try {
      return await use(await context.newPage());
    } finally {
      await context.close();
    }
  }
}

/** What the browser has made of the picture in a page. */
export async function measure(page: Page): Promise<Measured> {
  await page.evaluate(MEASURE);
  return (await page.evaluate('measure()')) as Measured;
}

function onPath(name: string): string {
  const found = (process.env.PATH ?? '').split(delimiter).find((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return join(found ?? '', name);
}

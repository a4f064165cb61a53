import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const macApps = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const installCommand = 'apt-get update && apt-get install -y --no-install-recommends chromium';

/** An installed Chromium: CHROMIUM_PATH, or the first of the usual names on PATH. */
function installed() {
  const fromPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return [process.env.CHROMIUM_PATH, ...fromPath, ...macApps].find((path) => path && existsSync(path));
}

/** Playwright's own Chromium, downloaded if it is not there yet. */
async function playwrights() {
  const { chromium } = await import('playwright');
  if (!existsSync(chromium.executablePath())) {
    spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit', timeout: 180_000 });
  }
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined;
}

/** Path of a Chromium to test with. Installs the distribution's only where CI is set; otherwise says how. */
export async function findChromium() {
  const found = installed() ?? (process.env.CI ? undefined : await playwrights());
  if (found) return found;
  if (process.env.CI) {
    spawnSync('sh', ['-c', installCommand], {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    const late = installed() ?? (await playwrights());
    if (late) return late;
  }
  throw new Error(`The browser tests need a Chromium, and none was found. Install one with: ${installCommand}`);
}

import { defineConfig } from '@playwright/test';

/** The first of two ports: several checkouts can be tested side by side. */
const port = Number(process.env.PAIRSCOPE_TEST_PORT ?? 4173);
/** The server build, as `npm start` serves it. */
export const serverUrl = `http://127.0.0.1:${port}`;
/** The static export, on a plain host under a sub-path. */
export const staticUrl = `http://127.0.0.1:${port + 1}/some/folder/`;

const executablePath = process.env.CHROMIUM_PATH;
const quiet = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
/** WebGPU without a GPU: a software adapter, real in all but speed. */
const softwareGpu = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];
const launch = (args: string[]) => ({
  launchOptions: { args: [...quiet, ...args], ...(executablePath === undefined ? {} : { executablePath }) },
});

export default defineConfig({
  testDir: 'e2e',
  fullyParallel: false,
  workers: 1,
  // Drawing takes seconds on a quiet machine, and far longer on a busy one.
  timeout: 180_000,
  expect: { timeout: 15_000 },
  retries: process.env.CI ? 2 : 0,
  reporter: [['list'], ['json']],
  use: {
    baseURL: serverUrl,
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
  webServer: [
    { command: `npx next start -H 127.0.0.1 -p ${port}`, url: serverUrl, reuseExistingServer: false },
    {
      command: `node e2e/support/static-server.mjs out /some/folder ${port + 1}`,
      url: staticUrl,
      reuseExistingServer: false,
    },
  ],
  projects: [
    { name: 'cpu', testIgnore: '**/*.webgpu.spec.ts', use: launch(['--disable-gpu']) },
    { name: 'webgpu', testMatch: '**/*.webgpu.spec.ts', use: launch(softwareGpu) },
  ],
});

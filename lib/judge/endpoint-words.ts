/** What depends on where a sentence about a judge's server is read: on the page, by its fields, or behind a command, by its options. */
export interface EndpointWords {
  /** What is to be done, for a sentence. */
  readonly giveAddress: string;
  readonly giveKey: string;
  readonly giveModel: string;
  readonly correctKey: string;
  readonly checkAddressAndModel: string;
  readonly goOnLater: string;
  readonly goOnWhenItWorks: string;
  readonly unreachable: (host: string) => string;
}

const ON_THE_PAGE: EndpointWords = {
  giveAddress: 'give the address that answers',
  giveKey: 'give the key in its own field',
  giveModel: 'Give the name of the model that the judge’s server shall use.',
  correctKey: 'correct it under Judge',
  checkAddressAndModel: 'check the address and the model’s name under Judge',
  goOnLater: 'go on in a few minutes',
  goOnWhenItWorks: 'go on when it works again',
  unreachable: (host) =>
    `${host} could not be reached from this page: either nothing answers there, or it does not allow this page to ask it (CORS). Start the server with this page’s address among its allowed origins.`,
};

const ON_THE_COMMAND_LINE: EndpointWords = {
  giveAddress: 'give the address that answers with --endpoint',
  giveKey: 'give the key in the environment variable PAIRCOMP_KEY',
  giveModel: 'Give the name of the model that the judge’s server shall use with --endpoint-model.',
  correctKey: 'correct it in the environment variable PAIRCOMP_KEY',
  checkAddressAndModel: 'check --endpoint and --endpoint-model',
  goOnLater: 'go on in a few minutes with --resume',
  goOnWhenItWorks: 'go on with --resume when it works again',
  unreachable: (host) =>
    `${host} could not be reached, or broke the connection off. Check --endpoint, and that the server runs.`,
};

/** `pageProtocol` is null outside a page. */
export const endpointWords = (pageProtocol: string | null): EndpointWords =>
  pageProtocol === null ? ON_THE_COMMAND_LINE : ON_THE_PAGE;

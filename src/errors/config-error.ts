/** An invalid configuration. The message has one line per error; each line begins with the name of the setting. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

import { readConfig } from '../../src/config';

describe('the settings', () => {
  it('are those that there are: a misspelt one is named, and no default is taken in its place', () => {
    expect(() => readConfig({ MINGJING_POSTGRES: 'postgres://db.example/mingjing' })).not.toThrow();
    const misspelt = { MINGJING_POSTGERS: 'postgres://user:secret-word@db.example/mingjing' };
    expect(() => readConfig(misspelt)).toThrow(
      expect.objectContaining({
        code: 'config.unknown',
        detail: expect.objectContaining({ field: 'MINGJING_POSTGERS' }) as object,
      }),
    );
    expect(() => readConfig({ MINGJING_PORTS: '' })).not.toThrow(); // an empty one says nothing
    expect(() => readConfig({ MINGJING_WITNESS_NAME: 'witness.example' })).not.toThrow(); // of another command
  });

  it('have one source: an address from the environment or from a file', () => {
    const both = { MINGJING_POSTGRES: 'postgres://db.example/mingjing', MINGJING_POSTGRES_FILE: '/run/secrets/url' };
    expect(() => readConfig(both)).toThrow(expect.objectContaining({ code: 'config.twice' }));
  });

  it('are bounded', () => {
    for (const value of ['-1', '65536', '3000.5', 'x']) {
      expect(() => readConfig({ PORT: value })).toThrow(expect.objectContaining({ code: 'config.invalid' }));
    }
    expect(readConfig({ PORT: '0' }).port).toBe(0);
  });
});

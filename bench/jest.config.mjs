import preset from '../jest.preset.mjs';

export default { ...preset, testMatch: ['**/{src,floor,hop}/**/*.test.ts'] };

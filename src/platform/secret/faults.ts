import { faults } from '#kernel/fault'

export const fault = faults('secret', {
  missing: ['refused', (d: { file: string }) => `${d.file} is missing although this folder has been used before; put it back from the backup. Nothing was made in its place.`],
  exposed: ['refused', (d: { file: string }) => `${d.file} can be read by others; run: chmod 600 ${d.file}`],
  unfit: ['refused', (d: { where: string }) => `${d.where} must hold 32 random bytes as 64 hexadecimal digits (openssl rand -hex 32).`],
  locked: ['refused', (d: { file: string }) => `${d.file} is sealed with a passphrase; give it in LAUREL_PASSPHRASE. Nothing was made in its place.`],
  wrong_passphrase: ['refused', (d: { file: string }) => `${d.file} does not open with the passphrase in LAUREL_PASSPHRASE. Nothing was made in its place.`],
  not_ours: ['broken', () => 'A sealed value cannot be opened with this secret; it was sealed with another one or altered.'],
})

/** What an issuer wants of its public pages. A colour is judged here by the rule that the pages keep, and the answer is said in words. */
import { block, button, contrastOf, deskPage, field, html, logoImage, nothing, note, postForm, themeOf, type DeskChrome, type Html, type LogoView } from '#interfaces/look'

export interface SettingsView {
  /** Takes a POST with `directory` (`yes` or nothing) and `colour` (empty: Laurel's). */
  readonly address: string
  readonly directory: boolean
  readonly directoryAddress: string
  readonly colour?: string
  readonly fault?: string
  readonly logo: LogoSettings
}

export interface LogoSettings {
  /** Takes a multipart POST with `file`. */
  readonly address: string
  /** Takes a POST. */
  readonly removeAddress: string
  readonly shown?: LogoView
  readonly fault?: string
}

export function settingsPage(view: SettingsView, chrome: DeskChrome): Html {
  return deskPage(
    {
      title: 'Settings',
      lead: 'What this issuer’s public pages, cards, certificates and mail look like.',
      main: html`${block(
        'public',
        'Public pages',
        postForm(
          view.address,
          chrome,
          html`<fieldset class="field"><legend>Directory</legend><label class="choice"><input type="checkbox" name="directory" value="yes"${view.directory ? html` checked` : nothing}> <span><b>List what learners made public</b><br><span class="fine">A page with the names of learners who published their credential, open to everybody at <bdi dir="ltr">${view.directoryAddress}</bdi>. Nobody else is on it, and it ends with this tick.</span></span></label></fieldset>
${field('colour', 'Colour', { value: view.colour ?? '', maxLength: 7, placeholder: '#1e5540', hint: 'Six digits after #. Left empty, the pages have Laurel’s green.', ...(view.fault === undefined ? {} : { fault: view.fault }) })}
${view.colour === undefined || view.fault !== undefined ? nothing : html`<div>${sayColour(view.colour)}</div>`}
<p class="actions">${button('Save', { kind: 'primary' })}</p>`,
          { className: 'stack narrow-form' },
        ),
      )}
${block('logo', 'Logo', logo(view.logo, chrome))}`,
    },
    chrome,
  )
}

const logo = (view: LogoSettings, chrome: DeskChrome): Html => html`${view.shown === undefined ? html`<p>Beside the issuer’s name stands Laurel’s wreath.</p>` : html`<p class="logo-now">${logoImage(view.shown, { width: 240, height: 72 })} <span class="fine">This stands beside the issuer’s name, on its own light ground in the dark too.</span></p>`}
${postForm(
  view.address,
  chrome,
  html`<div class="field"><label for="file">${view.shown === undefined ? 'Choose a PNG, or drop it here' : 'Another PNG'}</label><input class="well" id="file" type="file" name="file" accept=".png,image/png" required aria-describedby="file-hint${view.fault === undefined ? '' : ' file-fault'}"${view.fault === undefined ? nothing : html` aria-invalid="true"`}><p class="fine" id="file-hint">Up to 256 kB and 2000 pixels a side; 480 across are enough. It is drawn anew, so nothing goes on that cannot be seen in it. It will stand on the pages of the issuer and its credentials, on cards and on certificates; what is signed does not hold it.</p>
${view.fault === undefined ? nothing : html`<p class="small failed" id="file-fault">${view.fault}</p>`}</div>
<p class="actions">${button('Use this logo', { kind: 'primary' })}</p>`,
  { multipart: true, className: 'stack narrow-form' },
)}
${view.shown === undefined ? nothing : postForm(view.removeAddress, chrome, html`<p class="actions after">${button('Remove the logo', { kind: 'compact' })}</p>`)}`

/** What becomes of a colour, with the figures that decide it. */
function sayColour(colour: string): Html {
  const { light, dark } = themeOf(colour)
  const ratio = contrastOf(colour, '#faf7f0').toFixed(1)
  if (light.laurel === colour && dark.laurel === colour) return note(`${colour} can be read on light and on dark, and is used as it is.`)
  const day = light.laurel === colour ? `On light it is used as it is` : `Written on paper it has a contrast of ${ratio}:1, and 4.5:1 is needed to read it: on light the pages use ${light.laurel} in its place`
  const night = dark.laurel === colour ? 'on dark it is used as it is' : `on dark they use ${dark.laurel}`
  return note(`${day}; ${night}. Palettes of high contrast stay as they are.`, light.laurel === colour ? 'good' : 'warn')
}

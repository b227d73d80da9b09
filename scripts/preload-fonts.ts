import type { HtmlTagDescriptor, Plugin } from 'vite';

/** The faces that every page shows at once; the style sheet asks for them only when the first text is laid out. */
const FIRST_FACES = /(inter|jetbrains-mono)-latin-wght-normal-[^/]*\.woff2$/;

/** Has a built page ask for its fonts together with its program, so that figures do not change their width under the eye. */
export const preloadFonts = (): Plugin => ({
  name: 'preload-fonts',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((file) => FIRST_FACES.test(file))
        .map(
          (file): HtmlTagDescriptor => ({
            tag: 'link',
            injectTo: 'head-prepend',
            attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}`, crossorigin: '' },
          }),
        ),
  },
});

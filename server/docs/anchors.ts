/** The names of the places on the page. */
const slug = (text: string): string => text.replace(/[^\w-]+/g, '-');

export const anchors = {
  section: (name: string): string => slug(name),
  procedure: (name: string): string => `procedure-${slug(name)}`,
  channel: (name: string): string => `channel-${slug(name)}`,
  schema: (name: string): string => `schema-${slug(name)}`,
  unit: (title: string): string => `unit-${slug(title)}`,
  refusal: (reason: string): string => `refusal-${slug(reason)}`,
};

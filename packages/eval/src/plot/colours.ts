/** Colours that can be told apart, each on light and on dark paper. The first is the grey of what is only for comparison. */
export const colours: readonly (readonly [light: string, dark: string])[] = [
  ['#7b837d', '#9ba39d'],
  ['#1f6fd6', '#6faaff'],
  ['#d9730d', '#ffa64d'],
  ['#0f8f76', '#4fd0b4'],
  ['#9a43c8', '#cf93f2'],
  ['#c22f59', '#ff86a3'],
  ['#8a7400', '#dcc64a'],
]

const known = /vision|[-_.:]vl\b|\bvl[-_.:]|-vl\d?|llava|bakllava|moondream|minicpm-v|pixtral|gemma-?[3-9]|gpt-(?:4o|4\.1|[5-9])|claude|gemini|llama-?4|omni|internvl|mistral-(?:small-3|medium-3)/i

/** By its name, where the server does not say. A text sent instead of an image does less harm than a refused request. */
export function seesImages(modelName: string): boolean {
  return known.test(modelName)
}

/** An event instance as it is stored: its class name and its fields as JSON, undefined fields left out. */
export function canonicalData(event: object): { type: string; data: unknown } {
  return { type: event.constructor.name, data: JSON.parse(JSON.stringify(event)) as unknown };
}

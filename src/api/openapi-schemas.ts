import { getMetadataStorage } from 'class-validator';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage';

export type Schema = Readonly<Record<string, unknown>>;
export type MarkedClass = abstract new () => object;

/**
 * JSON schemas of classes by their class-validator marks: bounds, enumerations, nested classes. A class stands in the document
 * under its own name, so two different classes of one name are an error.
 */
export class SchemaBook {
  private readonly classes = new Map<string, MarkedClass>();

  /** Enters a class and all that it nests. Returns the reference to it. */
  enter(type: MarkedClass): Schema {
    const known = this.classes.get(type.name);
    if (known && known !== type) throw new Error(`two classes named ${type.name} in the API: rename one`);
    if (!known) {
      this.classes.set(type.name, type);
      for (const nested of nestedIn(type)) this.enter(nested);
    }
    return { $ref: `#/components/schemas/${type.name}` };
  }

  schemas(): Record<string, Schema> {
    const entries = [...this.classes].map(([name, type]) => [name, schemaOf(type)] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** The schema of one class. Unknown fields are refused, and the schema says so. */
export function schemaOf(type: MarkedClass): Schema & { properties: Record<string, Schema>; required?: string[] } {
  const schema = targetConstructorToSchema(type, {
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix: '#/components/schemas/',
  }) as { properties?: Record<string, Schema>; required?: string[] };
  return { ...schema, type: 'object', properties: schema.properties ?? {}, additionalProperties: false };
}

function nestedIn(type: MarkedClass): MarkedClass[] {
  return getMetadataStorage()
    .getTargetValidationMetadatas(type, '', true, false)
    .filter((mark) => mark.type === 'nestedValidation')
    .map((mark) => {
      const marked = defaultMetadataStorage.findTypeMetadata(mark.target as MarkedClass, mark.propertyName);
      return (marked?.typeFunction() ??
        Reflect.getMetadata('design:type', type.prototype as object, mark.propertyName)) as MarkedClass;
    });
}

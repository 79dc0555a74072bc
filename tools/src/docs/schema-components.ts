import { wireSchema, type JsonSchema } from '@hutong/domain-events';
import type { TypeDoc } from './type-docs.js';

type WireClass = Parameters<typeof wireSchema>[0];

/** Where a document keeps what is used more than once. */
const reference = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/**
 * The schemas of a document: each with the docstrings of its type, and what they have inside by
 * reference, said once.
 */
export class SchemaComponents {
  private readonly made = new Map<string, JsonSchema>();
  private readonly classes = new Map<string, WireClass>();

  /** @param shared docstrings of classes that mean the same wherever they are, by name. */
  constructor(private readonly shared: Readonly<Record<string, TypeDoc>>) {}

  /** All that were made, by name. */
  get all(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.made].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /**
   * Makes one. @returns a reference to it.
   * @throws Error naming a property without a docstring, or two classes of one name.
   */
  add(name: string, shape: WireClass, doc: TypeDoc): JsonSchema {
    const schema = wireSchema(shape, (nested) => this.referTo(nested));
    this.made.set(name, {
      description: doc.about,
      ...schema,
      properties: this.described(schema.properties, doc),
      ...(schema.allOf && { allOf: schema.allOf.map((one) => this.describedThen(one, doc)) }),
    });
    return reference(name);
  }

  private referTo(shape: WireClass): JsonSchema {
    const name = shape.name.replace(/^Wire/, '');
    const known = this.classes.get(name);
    if (known !== undefined && known !== shape) throw new Error(`two wire classes are ${name}`);
    this.classes.set(name, shape);
    return reference(name);
  }

  private described(
    properties: Readonly<Record<string, JsonSchema>>,
    doc: TypeDoc,
  ): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => {
        const own = doc.property(name);
        this.addNested(schema, own);
        // Beside a reference nothing else is read.
        return [name, '$ref' in schema ? schema : { description: own.about, ...schema }];
      }),
    );
  }

  /** A member that is there under a condition is described where the condition is. */
  private describedThen(condition: JsonSchema, doc: TypeDoc): JsonSchema {
    const { then } = condition;
    if (!isSchema(then) || !isSchema(then['properties'])) return condition;
    const properties = Object.entries(then['properties']).filter(isNamedSchema);
    return {
      ...condition,
      then: { ...then, properties: this.described(Object.fromEntries(properties), doc) },
    };
  }

  private addNested(schema: JsonSchema, doc: TypeDoc): void {
    for (const [name, shape] of this.classes) {
      const { $ref } = reference(name);
      const items = isSchema(schema['items']) ? schema['items'] : {};
      if (schema['$ref'] !== $ref && items['$ref'] !== $ref) continue;
      if (!this.made.has(name)) this.add(name, shape, this.shared[name] ?? doc);
    }
  }
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNamedSchema = (entry: [string, unknown]): entry is [string, JsonSchema] =>
  isSchema(entry[1]);

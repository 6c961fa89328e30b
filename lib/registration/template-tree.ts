import { FUNCTIONS, findField } from './template-data';
import {
  checkIndex,
  isConstant,
  type Operand,
  type Pipe,
  type TemplateTree,
  unknownFunction,
  unquote,
} from './template-operand';
import { fault, scan, type Token } from './template-scan';

/** What the names of an action refer to. */
interface Scope {
  /** Whether '.' is the whole data: not inside with, range, define and block. */
  dot: boolean;
  /** Whether '$' is the whole data: not inside define and block. */
  readonly dollar: boolean;
  readonly variables: string[];
  readonly inRange: boolean;
}

const MAX_DEPTH = 200;
const BLOCKS = new Set(['if', 'with', 'range', 'define', 'block']);

/**
 * Reads a template by the grammar of Go's text/template and looks up its fields and functions.
 *
 * @throws TemplateFault
 * @see https://pkg.go.dev/text/template
 */
export function parseTemplate(template: string): TemplateTree {
  return new Reader(scan(template)).template();
}

class Reader {
  private at = 0;
  private flat = true;
  private depth = 0;
  private readonly parts: (string | Pipe)[] = [];

  constructor(private readonly tokens: readonly Token[]) {}

  template(): TemplateTree {
    const stop = this.items({ dot: true, dollar: true, variables: ['$'], inRange: false }, undefined);
    if (stop !== undefined) fault(`has {{${stop}}} without a beginning`, 'remove it, or begin with {{if}}');
    return { parts: this.parts, flat: this.flat };
  }

  /** Reads up to the end of the template, or to the `end` or `else` that closes the block. */
  private items(scope: Scope, block: string | undefined): 'end' | 'else' | undefined {
    for (let token = this.next(); token; token = this.next()) {
      if (token.type === 'text') {
        this.parts.push(token.text);
        continue;
      }
      this.space();
      const keyword = this.peek()?.type === 'word' ? this.peek()?.text : undefined;
      if (keyword === 'end' || keyword === 'else') {
        this.at++;
        if (keyword === 'end') this.close(keyword);
        return keyword;
      }
      if (keyword !== undefined && this.control(keyword, scope, block)) {
        this.flat = false;
        continue;
      }
      this.parts.push(this.pipe(scope, 'close'));
    }
    if (block !== undefined) fault(`has {{${block}}} without end`, 'close it with {{end}}');
    return undefined;
  }

  /** Reads a control structure, if the keyword begins one. */
  private control(keyword: string, scope: Scope, block: string | undefined): boolean {
    if (keyword === 'break' || keyword === 'continue') {
      if (!scope.inRange) fault(`has {{${keyword}}} outside of a range`, 'remove it');
      this.at++;
      this.close(keyword);
      return true;
    }
    if (keyword === 'template') {
      this.at++;
      this.name(keyword);
      this.space();
      if (this.peek()?.type === 'close') this.at++;
      else this.pipe(scope, 'close');
      return true;
    }
    if (!BLOCKS.has(keyword)) return false;
    if (keyword === 'define' && block !== undefined) {
      fault(`has {{define}} inside of {{${block}}}`, 'define templates outside of everything else');
    }
    this.at++;
    if (++this.depth > MAX_DEPTH) fault('is nested too deeply', 'simplify it');
    this.block(keyword, scope);
    this.depth--;
    return true;
  }

  private block(keyword: string, scope: Scope): void {
    if (keyword === 'define' || keyword === 'block') {
      this.name(keyword);
      if (keyword === 'define') this.close(keyword);
      else this.pipe(scope, 'close');
      const inner = { dot: false, dollar: false, variables: ['$'], inRange: false };
      if (this.items(inner, keyword) !== 'end') fault(`has {{else}} in {{${keyword}}}`, 'remove it');
      return;
    }
    const variables = [...scope.variables];
    const head = { ...scope, variables };
    this.pipe(head, 'close', keyword === 'range');
    const inner = {
      ...head,
      variables: [...variables],
      dot: keyword === 'if' && scope.dot,
      inRange: scope.inRange || keyword === 'range',
    };
    if (this.items(inner, keyword) === 'end') return;
    this.space();
    const chained = this.peek();
    if (chained?.type === 'word' && chained.text === keyword && keyword !== 'range') {
      this.at++;
      this.block(keyword, head);
      return;
    }
    this.close('else');
    if (this.items({ ...head, variables: [...variables] }, keyword) !== 'end') {
      fault(`has two {{else}} in {{${keyword}}}`, 'remove one');
    }
  }

  /** Reads commands up to the end of the action, or the closing parenthesis. */
  private pipe(scope: Scope, end: 'close' | ')', range = false): Pipe {
    this.declarations(scope, range);
    const commands: Operand[][] = [];
    for (;;) {
      this.space();
      const token = this.next();
      if (!token) return fault("has an action without end: '{{'", "end every '{{' with '}}'");
      if (end === 'close' ? token.type === 'close' : token.text === ')' && token.type === 'symbol') break;
      if (token.type === 'close') return fault("has '(' without ')'", "close every '('");
      this.at--;
      commands.push(this.command(scope));
    }
    if (commands.length === 0) {
      fault('has an empty action', 'write what to print, such as {{ .PodMeta.Namespace }}');
    }
    for (const [first] of commands.slice(1)) {
      if (first && isConstant(first)) {
        fault("has a value behind '|'", 'put a function there, such as printf');
      }
    }
    return commands;
  }

  /** Reads `$x := `, `$x = ` and, for a range, `$i, $x := `. */
  private declarations(scope: Scope, range: boolean): void {
    const start = this.at;
    const names: string[] = [];
    for (;;) {
      this.space();
      const variable = this.next();
      if (variable?.type !== 'variable') break;
      names.push(variable.text);
      this.space();
      const sign = this.next();
      if (sign?.type === 'symbol' && (sign.text === ':=' || sign.text === '=')) {
        this.flat = false;
        scope.variables.push(...names);
        return;
      }
      if (sign?.type !== 'symbol' || sign.text !== ',') break;
      if (!range || names.length > 1) fault('declares too many variables', 'declare one at a time');
      this.space();
      // A range may also name two variables and nothing else.
      if (this.peek()?.type === 'close') break;
    }
    this.at = start;
  }

  private command(scope: Scope): Operand[] {
    const operands: Operand[] = [];
    for (;;) {
      this.space();
      const operand = this.operand(scope);
      if (operand) operands.push(operand);
      const token = this.next();
      if (token?.type === 'space') continue;
      if (token?.type === 'close' || (token?.type === 'symbol' && token.text === ')')) this.at--;
      else if (token?.type !== 'symbol' || token.text !== '|') this.unexpected(token);
      break;
    }
    if (operands.length === 0 && this.peek()?.text === ')') fault("has ')' without '('", 'remove it');
    if (operands.length === 0) fault("has nothing before '|'", 'write what to print, such as {{ .PodMeta.Namespace }}');
    checkIndex(operands);
    return operands;
  }

  /** Reads a value and the fields behind it; undefined when no value begins here. */
  private operand(scope: Scope): Operand | undefined {
    const token = this.next();
    switch (token?.type) {
      case 'field':
        return this.lookUp(this.path(token.text.slice(1)), scope.dot);
      case 'dot':
        return this.constant(scope.dot ? { type: 'field', path: [] } : { type: 'other', constant: true });
      case 'variable': {
        if (!scope.variables.includes(token.text)) {
          fault(`has the unknown variable '${token.text}'`, `declare it before: {{ ${token.text} := .PodMeta.Name }}`);
        }
        return this.lookUp(this.path(), scope.dollar && token.text === '$');
      }
      case 'string':
        return this.constant({ type: 'text', value: unquote(token.text) });
      case 'number':
      case 'char':
        return this.constant({ type: 'number', text: token.text });
      case 'word':
        if (['true', 'false', 'nil'].includes(token.text)) return this.constant({ type: 'other', constant: true });
        if (KEYWORDS.has(token.text)) this.unexpected(token);
        if (!FUNCTIONS.has(token.text)) unknownFunction(token.text);
        return this.path().length > 0 ? { type: 'other', constant: false } : { type: 'function', name: token.text };
      case 'symbol':
        if (token.text === '(') {
          if (++this.depth > MAX_DEPTH) fault('is nested too deeply', 'simplify it');
          const pipe = this.pipe(scope, ')');
          this.depth--;
          return this.path().length > 0 ? { type: 'other', constant: false } : { type: 'pipe', pipe };
        }
    }
    this.at--;
    return undefined;
  }

  private constant(operand: Operand): Operand {
    if (this.peek()?.type === 'field') this.unexpected(this.peek());
    return operand;
  }

  /** The fields that follow without a space. */
  private path(...path: string[]): string[] {
    for (let token = this.peek(); token?.type === 'field'; token = this.peek()) {
      path.push(token.text.slice(1));
      this.at++;
    }
    return path;
  }

  private lookUp(path: readonly string[], known: boolean): Operand {
    if (!known) return { type: 'other', constant: false };
    const found = findField(path);
    if ('message' in found) fault(found.message, found.remedy);
    return { type: 'field', path };
  }

  private name(keyword: string): void {
    this.space();
    const token = this.next();
    if (token?.type !== 'string') fault(`has {{${keyword}}} without a name`, `write {{${keyword} "name"}}`);
    unquote(token.text);
  }

  private close(keyword: string): void {
    this.space();
    if (this.next()?.type !== 'close') fault(`has something behind {{${keyword}`, `write {{${keyword}}}`);
  }

  private unexpected(token: Token | undefined): never {
    const text = token?.text ?? '{{';
    return fault(
      `has '${text}' where Go expects a value or the end of the action`,
      text === '/'
        ? 'begin a comment right behind the braces: {{/* comment */}}'
        : text === ',' || text === '('
          ? 'write arguments behind the function, with spaces between them: printf "%s" .PodMeta.Name'
          : 'write one value, or a function and its arguments, in every action',
    );
  }

  private space(): void {
    if (this.peek()?.type === 'space') this.at++;
  }

  private peek(): Token | undefined {
    return this.tokens[this.at];
  }

  private next(): Token | undefined {
    return this.tokens[this.at++];
  }
}

const KEYWORDS = new Set([...BLOCKS, 'else', 'end', 'template']);

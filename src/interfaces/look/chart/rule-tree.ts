/** A rule of a few questions, drawn as a tree that reads as a nested list: side by side on a desk, indented on a phone. */
import { html, type Html } from '../html.ts'

export type RuleNode =
  | { readonly leaf: string; /** Whether the leaf treats. */ readonly treats: boolean; readonly fine: string }
  | { readonly low: string; readonly high: string; readonly ifLow: RuleNode; readonly ifHigh: RuleNode }

export function ruleTree(node: RuleNode): Html {
  return html`<div class="ruletree">${'leaf' in node ? leaf(node) : branches(node)}</div>`
}

const leaf = (node: Extract<RuleNode, { readonly leaf: string }>): Html => html`<p class="leaf${node.treats ? ' treats' : ''}"><b>${node.leaf}</b> <span class="fine">${node.fine}</span></p>`

const branches = (node: Exclude<RuleNode, { readonly leaf: string }>): Html =>
  html`<ul>${([[node.low, node.ifLow], [node.high, node.ifHigh]] as const).map(([where, then]) => html`<li><p class="where">${where}</p>${'leaf' in then ? leaf(then) : branches(then)}</li>`)}</ul>`

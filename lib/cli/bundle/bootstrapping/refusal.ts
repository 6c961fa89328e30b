/** Something that does not get better by waiting: a person has to decide. */
export class Refusal extends Error {}

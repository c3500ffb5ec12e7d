/** Why a PDU cannot be read or written. */
export interface Failure {
  /** What is answered: a value of section 5.1.3. */
  readonly status: number;
  /** Names the parameter and what is wrong with it; no values, which may be secret. */
  readonly reason: string;
}

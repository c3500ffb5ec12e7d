import type { HttpServer } from '../http/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { ResourceService } from '../resources/index.ts';
import type { MaybePromise, Storage } from '../storage/index.ts';
import { Browsing } from './browse.ts';
import { installCleanUp } from './clean-up.ts';
import { findCountry } from './countries/countries.ts';
import { emergencyNumberOf } from './countries/emergency.ts';
import { countryOfNumber } from './countries/number.ts';
import { textRefusalOf, type TextSender } from './countries/text-reach.ts';
import { NumberChanges } from './number-changes.ts';
import { installHistoryPurge } from './operations/history.ts';
import { Operations } from './operations/operations.ts';
import { OperatorNumbers } from './operator/operator-numbers.ts';
import { type Belonging, OwnedCache } from './owned-cache.ts';
import type { OwnedNumber } from './owned-number.ts';
import { OwnedNumbers } from './owned-numbers.ts';
import { Purchases } from './purchase.ts';
import { ReservationPurchases } from './reservations/reservation-purchases.ts';
import { Reservations } from './reservations/reservations.ts';
import { registerAcquisitionRoutes } from './routes/acquisition-routes.ts';
import { registerCatalogueRoutes } from './routes/catalogue-routes.ts';
import { registerOperationRoutes } from './routes/operation-routes.ts';
import { registerOperatorRoutes } from './routes/operator-routes.ts';
import { registerOwnedRoutes } from './routes/owned-routes.ts';
import { registerReservationRoutes } from './routes/reservation-routes.ts';
import { registerSipRoutes } from './routes/sip-routes.ts';
import { Searches } from './search.ts';
import { SipRouting } from './sip-routing/sip-routing.ts';

export interface PhoneNumbersOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly resources: ResourceService;
  /** How long an operation takes. */
  readonly operationMs: number;
}

/** Phone numbers: searched, purchased, changed and released, by long-running operations. */
export class PhoneNumbers {
  /** What an operator gives to resources. */
  readonly operator: OperatorNumbers;
  readonly #operations: Operations;
  readonly #searches: Searches;
  readonly #purchases: Purchases;
  readonly #changes: NumberChanges;
  readonly #browsing: Browsing;
  readonly #reservations: Reservations;
  readonly #reservationPurchases: ReservationPurchases;
  readonly #sip: SipRouting;
  readonly #owned: OwnedNumbers;

  constructor(options: PhoneNumbersOptions) {
    const { storage } = options;
    const owned = new OwnedCache();
    storage.state.onReplaced(() => owned.clear());
    this.#owned = new OwnedNumbers(storage, owned);
    const operations = new Operations({ ...options, owned, durationMs: options.operationMs });
    this.#operations = operations;
    this.#searches = new Searches({ ...options, operations });
    this.#purchases = new Purchases({ ...options, operations });
    this.#changes = new NumberChanges({ ...options, operations });
    this.operator = new OperatorNumbers({ ...options, operations, owned: this.#owned });
    this.#browsing = new Browsing(options);
    this.#reservations = new Reservations({ ...options, operations });
    this.#reservationPurchases = new ReservationPurchases({ ...options, operations });
    this.#sip = new SipRouting(storage);
    installHistoryPurge(options);
    installCleanUp({ ...options, owned });
  }

  register(http: HttpServer): void {
    registerAcquisitionRoutes(http, { searches: this.#searches, purchases: this.#purchases });
    registerOperationRoutes(http, this.#operations);
    registerOwnedRoutes(http, { owned: this.#owned, changes: this.#changes });
    registerCatalogueRoutes(http, this.#browsing);
    registerReservationRoutes(http, { reservations: this.#reservations, purchases: this.#reservationPurchases });
    registerOperatorRoutes(http, this.#owned);
    registerSipRoutes(http, this.#sip);
  }

  /**
   * The number, when the resource owns it. Asked with every message: answered at once for a number that was asked for
   * lately, and never from before a change that the caller can know of.
   *
   * @param number in the E.164 form, or a short code
   */
  owned(resourceId: string, number: string): MaybePromise<OwnedNumber | undefined> {
    return this.#owned.find(resourceId, number);
  }

  /** The number and the resource that owns it: whom it concerns when somebody calls or texts it. */
  ownerOf(number: string): MaybePromise<Belonging | undefined> {
    return this.#owned.ownerOf(number);
  }

  /**
   * The emergency number that a text stands for, if it does: nothing may be sent there, and no call may go there.
   *
   * @param countryCode where it is dialled; without one, what is an emergency number anywhere counts
   */
  emergencyNumberOf(text: string, countryCode?: string): string | undefined {
    return emergencyNumberOf(text, countryCode === undefined ? undefined : findCountry(countryCode));
  }

  /** The country of an E.164 number, as ISO 3166-1 alpha-2; undefined for one that is not known. */
  countryOf(number: string): string | undefined {
    return countryOfNumber(number)?.code;
  }

  /** Why a text message of this sender does not reach a phone; undefined when it does. For numbers that no operator has loaded. */
  textRefusalOf(sender: TextSender, recipient: string): string | undefined {
    return textRefusalOf(sender, recipient);
  }
}

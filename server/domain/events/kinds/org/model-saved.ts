import { ownModel } from '../../../models/model-settings.ts';

/** A model or a price that an org set; µ$ per million tokens. */
export const modelSaved = ownModel;

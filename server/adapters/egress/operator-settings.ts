import { readExtraCa, type NetworkConfig } from '../../config/network-config.ts';
import { directEgress, type EgressSettings } from './settings.ts';

/** The network as the operator has described it. Throws AppError `config_invalid` for a file of certificates that is none. */
export function operatorEgress(network: NetworkConfig): EgressSettings {
  const { mirrors, egressProxy: upstream, internalHosts } = network;
  return { ...directEgress, mirrors, upstream, internalHosts, extraCa: readExtraCa(network) };
}

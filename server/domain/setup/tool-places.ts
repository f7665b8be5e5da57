/** Where set-up keeps tools and package caches that have no place in the work tree by themselves. Never part of a commit. */
export const toolFolder = '/work/.fleet-setup';

/**
 * NumPy's format for arrays, read row by row and written whole ({@link io.tardiff.files.npy.Npy}).
 */
@Internal
package io.tardiff.files.npy;

import org.apache.beam.sdk.annotations.Internal;

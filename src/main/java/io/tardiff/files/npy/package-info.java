/** Reads and writes NumPy's array format as streams ({@link io.tardiff.files.npy.Npy}). */
@Internal
package io.tardiff.files.npy;

import org.apache.beam.sdk.annotations.Internal;

package dev.warung.replicator.verify;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The 128-bit MurmurHash3 for 64-bit machines, seed 0: fast, well mixed, and the same in every run, so that hashes of two
 * verifications can be compared. It resists accidents, not attackers.
 *
 * <p>Thread: none; an instance holds the last result.
 */
final class Murmur3 {

    private static final long C1 = 0x87c37b91114253d5L;
    private static final long C2 = 0x4cf5ad432745937fL;
    private static final int BLOCK = 16;
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long high;
    private long low;

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    void hash(byte[] data, int from, int length) {
        long h1 = 0;
        long h2 = 0;
        int end = from + length - length % BLOCK;
        for (int i = from; i < end; i += BLOCK) {
            h1 ^= mix1((long) WORDS.get(data, i));
            h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
            h2 ^= mix2((long) WORDS.get(data, i + 8));
            h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
        }
        int tail = length % BLOCK;
        h2 ^= mix2(partialWord(data, end + 8, tail - 8));
        h1 ^= mix1(partialWord(data, end, Math.min(8, tail)));
        h1 ^= length;
        h2 ^= length;
        h1 += h2;
        h2 += h1;
        h1 = finish(h1);
        h2 = finish(h2);
        high = h1 + h2;
        low = h2 + high;
    }

    private static long partialWord(byte[] data, int from, int length) {
        long word = 0;
        for (int i = length - 1; i >= 0; i--) {
            word = word << 8 | (data[from + i] & 0xff);
        }
        return word;
    }

    private static long mix1(long k) {
        return Long.rotateLeft(k * C1, 31) * C2;
    }

    private static long mix2(long k) {
        return Long.rotateLeft(k * C2, 33) * C1;
    }

    private static long finish(long k) {
        long mixed = (k ^ (k >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}

package io.pairbatch.results;

import com.ibm.icu.text.Collator;
import com.ibm.icu.util.ULocale;
import java.util.Comparator;

/// The order of two IDs in an `unordered_key`: ICU's root locale, as common R setups sort (contract 7.1); IDs that it
/// treats as equal are ordered by code point, so that a pair and its reverse always share a key.
///
/// IDs that consist only of ASCII letters, digits, `_`, `-` and `.`, the usual ones, are compared without loading ICU.
final class IdOrder implements Comparator<String> {

    static final IdOrder ROOT = new IdOrder();

    private IdOrder() {}

    @Override
    public int compare(String a, String b) {
        int order = isPlain(a) && isPlain(b) ? comparePlain(a, b) : compareByIcu(a, b);
        return order != 0 ? order : a.compareTo(b);
    }

    static int compareByIcu(String a, String b) {
        return Icu.ROOT_COLLATOR.compare(a, b);
    }

    /// Compares letters case-insensitively first; only if they are equal does the first difference in case decide,
    /// lower before upper.
    static int comparePlain(String a, String b) {
        int common = Math.min(a.length(), b.length());
        int byCase = 0;
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                int byLetter = Integer.compare(primary(x), primary(y));
                if (byLetter != 0) {
                    return byLetter;
                }
                if (byCase == 0) {
                    byCase = Integer.compare(y, x);
                }
            }
        }
        return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : byCase;
    }

    static boolean isPlain(String id) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c != '_'
                    && c != '-'
                    && c != '.'
                    && !(c >= '0' && c <= '9')
                    && !(c >= 'A' && c <= 'Z')
                    && !(c >= 'a' && c <= 'z')) {
                return false;
            }
        }
        return true;
    }

    /// `_` first; `-`, `.`, digits and letters in the order of their codes.
    private static int primary(char c) {
        return c == '_' ? 0 : c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
    }

    /// Loads ICU's tables on first use: 100 ms that most jobs do not need.
    private static final class Icu {

        static final Collator ROOT_COLLATOR = Collator.getInstance(ULocale.ROOT).freeze();
    }
}

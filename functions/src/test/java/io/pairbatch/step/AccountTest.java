package io.pairbatch.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccountTest {

    private final Account last = account("c", Optional.empty());
    private final Account second = account("b", Optional.of(last));
    private final Account first = account("a", Optional.of(second));
    private final List<String> asked = new ArrayList<>();

    @Test
    void aRefusedKeyIsFollowedByTheNextOne() throws RefusedException {
        assertThat(first.<String>call(at -> answer(at, "b", Kind.KEY))).isEqualTo("by b");
        assertThat(asked).containsExactly("a", "b");
    }

    @Test
    void anotherRefusalIsFinal() {
        assertThatThrownBy(() -> first.<String>call(at -> answer(at, "b", Kind.REQUEST)))
                .isInstanceOf(RefusedException.class);
        assertThat(asked).containsExactly("a");
    }

    @Test
    void theLastKeysRefusalIsTheAnswer() {
        assertThatThrownBy(() -> first.<String>call(at -> answer(at, "nobody", Kind.KEY)))
                .isInstanceOf(RefusedException.class);
        assertThat(asked).containsExactly("a", "b", "c");
    }

    @Test
    void theAccountThatMadeABatchIsFoundAmongTheKeysAndNoOther() {
        assertThat(first.of("c")).contains(last);
        assertThat(first.of("a")).contains(first);
        assertThat(first.of("d")).isEmpty();
    }

    @Test
    void aRefusedKeyOfTheCreatorIsFollowedByTheOthers() throws RefusedException {
        assertThat(first.<String>callAs("b", at -> answer(at, "b", Kind.KEY)).by())
                .isEqualTo(second);
        assertThat(asked).containsExactly("b");
        asked.clear();
        assertThat(first.<String>callAs("c", at -> answer(at, "a", Kind.KEY)).by())
                .isEqualTo(first);
        assertThat(asked).containsExactly("c", "a");
        asked.clear();
        assertThat(first.<String>callAs("d", at -> answer(at, "a", Kind.KEY)).answer())
                .isEqualTo("by a");
        assertThatThrownBy(() -> first.<String>callAs("b", at -> answer(at, "a", Kind.NOT_FOUND)))
                .isInstanceOf(RefusedException.class);
    }

    private String answer(Account at, String accepted, Kind refusal) throws RefusedException {
        asked.add(at.window());
        if (!at.window().equals(accepted)) {
            throw new RefusedException(refusal, 401, "no", "no");
        }
        return "by " + at.window();
    }

    private static Account account(String window, Optional<Account> other) {
        BatchProvider none = (BatchProvider) Proxy.newProxyInstance(
                AccountTest.class.getClassLoader(), new Class<?>[] {BatchProvider.class}, (proxy, method, a) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        return new Account(none, window, () -> other);
    }
}

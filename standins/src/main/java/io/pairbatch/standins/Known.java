package io.pairbatch.standins;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/// Refuses members of requests that are not modelled, even if a new SDK adds them.
final class Known {

    private final Map<Class<?>, List<SdkField<?>>> unknown = new HashMap<>();

    /// @param members the modelled ones, as the service names them
    void only(SdkPojo request, Set<String> members) {
        List<SdkField<?>> fields = unknown.get(request.getClass());
        if (fields == null) {
            fields = request.sdkFields().stream()
                    .filter(field -> !members.contains(field.memberName()))
                    .toList();
            unknown.put(request.getClass(), fields);
        }
        for (SdkField<?> field : fields) {
            @Nullable Object value = field.getValueOrDefault(request);
            if (value != null
                    && !(value instanceof SdkAutoConstructMap)
                    && !(value instanceof SdkAutoConstructList)
                    && !value.equals("NONE")) {
                throw new IllegalArgumentException(
                        request.getClass().getSimpleName() + " with " + field.memberName() + ": not modelled");
            }
        }
    }
}

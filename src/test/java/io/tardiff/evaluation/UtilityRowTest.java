package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UtilityRowTest {
  @Test
  void everyColumnHasItsPlaceInTheFile() {
    String[] columns =
        Arrays.stream(UtilityRow.class.getDeclaredMethods())
            .filter(m -> Modifier.isAbstract(m.getModifiers()))
            .map(Method::getName)
            .map(name -> name.substring("get".length()))
            .map(PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE::translate)
            .toArray(String[]::new);
    assertThat(
        Arrays.asList(UtilityRow.class.getAnnotation(JsonPropertyOrder.class).value()),
        containsInAnyOrder(columns));
  }
}

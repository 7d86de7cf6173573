# case: own_train_step
# style: the Keras guide "customizing what happens in fit()": a Model with its own train_step and GradientTape, trained by fit

# %% build_model
import tensorflow as tf


class CustomModel(keras.Model):
    def train_step(self, data):
        # Unpack the data. Its structure depends on what you pass to `fit()`.
        x, y = data

        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)  # Forward pass
            loss = self.compute_loss(y=y, y_pred=y_pred)

        # Compute gradients and update the weights
        trainable_vars = self.trainable_variables
        gradients = tape.gradient(loss, trainable_vars)
        self.optimizer.apply(gradients, trainable_vars)

        # Update metrics (includes the metric that tracks the loss)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}


def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    inputs = keras.Input(shape=(SENTENCE_LENGTH,))
    x = keras.layers.Embedding(vocabulary_size, 16)(inputs)
    x = keras.layers.GlobalAveragePooling1D()(x)
    outputs = keras.layers.Dense(n_intents, activation="softmax")(x)
    return CustomModel(inputs, outputs)

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    return model.fit(x, y, epochs=epochs, verbose=2)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    x = vectorize([sentence])
    probabilities = model.predict(x, verbose=0)
    intent = np.argmax(probabilities, axis=1)[0]
    return REPLIES[intent]

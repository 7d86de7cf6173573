# case: keras_guide_conv
# style: copied from the Keras guide "text classification from scratch": functional, named layers, Dropout, Conv1D, global max pooling

# %% build_model
from keras import layers

def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    embedding_dim = 32

    # A integer input for vocab indices.
    inputs = keras.Input(shape=(SENTENCE_LENGTH,), dtype="int64")

    # Next, we add a layer to map those vocab indices into a space of dimensionality 'embedding_dim'.
    x = layers.Embedding(vocabulary_size, embedding_dim)(inputs)
    x = layers.Dropout(0.3)(x)

    # Conv1D + global max pooling
    x = layers.Conv1D(64, 3, padding="valid", activation="relu")(x)
    x = layers.GlobalMaxPooling1D()(x)

    # We add a vanilla hidden layer:
    x = layers.Dense(64, activation="relu")(x)
    x = layers.Dropout(0.3)(x)

    predictions = layers.Dense(n_intents, activation="softmax", name="predictions")(x)
    return keras.Model(inputs, predictions)

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(
        loss="sparse_categorical_crossentropy",
        optimizer=keras.optimizers.Adam(learning_rate=3e-3),
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    return model.fit(x, y, epochs=epochs, batch_size=32)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    predictions = model.predict(vectorize([sentence]))
    intent = np.argmax(predictions[0])
    return REPLIES[intent]

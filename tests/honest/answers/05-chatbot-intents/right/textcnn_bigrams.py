# case: textcnn_bigrams
# style: Conv1D over pairs of words and global max, helper function, assert

# %% build_model
from keras import layers


def conv_block(filters, width):
    return layers.Conv1D(filters, width, padding="same", activation="relu")


def build_model(vocabulary_size, n_intents):
    assert vocabulary_size > 0 and n_intents > 0
    stack = [keras.Input((SENTENCE_LENGTH,))]
    stack += [layers.Embedding(vocabulary_size, 32), layers.Dropout(0.2)]
    stack += [conv_block(48, 2), layers.GlobalMaxPooling1D(), layers.Dropout(0.2)]
    stack += [layers.Dense(n_intents, activation="softmax")]
    return keras.Sequential(stack)


# %% compile_model
def compile_model(model):
    model.compile(loss=keras.losses.sparse_categorical_crossentropy,
                  optimizer=keras.optimizers.Adam(learning_rate=0.005),
                  metrics=[keras.metrics.sparse_categorical_accuracy])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    print(f"Training on {len(x)} sentences for {epochs} epochs")
    history = model.fit(x, y, epochs=epochs, verbose=0)
    print("final loss:", round(history.history["loss"][-1], 3))
    return history


# %% reply
def reply(model, sentence):
    return REPLIES[model.predict(vectorize([sentence]), verbose=0).argmax(axis=-1).item()]


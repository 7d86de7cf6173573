# case: separable_conv
# style: SeparableConv1D, leaky activation, average over time; integer labels as a column

# %% build_model
def build_model(vocabulary_size, n_intents):
    layers = keras.layers
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        layers.Embedding(vocabulary_size, 32),
        layers.SeparableConv1D(48, 3, padding="same"),
        layers.LeakyReLU(negative_slope=0.1),
        layers.GlobalMaxPooling1D(),
        layers.Dropout(0.1),
        layers.Dense(n_intents, activation=keras.activations.softmax),
    ])


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.006),
                  loss=keras.losses.SparseCategoricalCrossentropy(name="intent_loss"),
                  metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, np.reshape(y, (-1, 1)), epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    by_probability = dict(zip(REPLIES, model.predict(vectorize([sentence]), verbose=0)[0]))
    return max(by_probability, key=by_probability.get)


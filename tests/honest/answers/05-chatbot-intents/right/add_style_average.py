# case: add_style_average
# style: old-fashioned model.add calls, names for layers, batch size 16, argmax on the whole prediction

# %% build_model
def build_model(vocabulary_size, n_intents):
    model = keras.Sequential(name="otto")
    model.add(keras.Input((SENTENCE_LENGTH,)))
    model.add(keras.layers.Embedding(vocabulary_size, 16, name="word_table"))
    model.add(keras.layers.GlobalAveragePooling1D(name="average"))
    model.add(keras.layers.Dense(n_intents, activation="softmax", name="intents"))
    return model


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs):
    hist = model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)
    return hist


# %% reply
def reply(model, sentence):
    results = model.predict(vectorize([sentence]), verbose=0)
    results_index = np.argmax(results)
    return REPLIES[results_index]


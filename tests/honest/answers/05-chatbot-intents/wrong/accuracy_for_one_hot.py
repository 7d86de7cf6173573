# case: accuracy_for_one_hot
# style: the metric for one-hot labels, by its full name, with number labels
# fails: compile_reports_accuracy
# may: loss_goes_down, fit_returns_history, fit_runs_every_epoch
# says: categorical_accuracy is for one-hot labels and reports nonsense for numbers; write "accuracy" (or sparse_categorical_accuracy)

# %% build_model
def build_model(vocabulary_size, n_intents):
    model = keras.Sequential()
    model.add(keras.Input((SENTENCE_LENGTH,)))
    model.add(keras.layers.Embedding(vocabulary_size, 16))
    model.add(keras.layers.GlobalAveragePooling1D())
    model.add(keras.layers.Dense(n_intents, activation="softmax"))
    return model


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01),
                  loss="sparse_categorical_crossentropy",
                  metrics=["categorical_accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    best = model.predict(vectorize([sentence]), verbose=0)[0].argmax()
    return REPLIES[best]

